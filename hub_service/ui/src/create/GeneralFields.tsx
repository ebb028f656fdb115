/** The tab General: what nearly everybody chooses. */
import type { Environment } from "../api/types";
import { DriveField } from "./fields/DriveField";
import { EnvironmentField } from "./fields/EnvironmentField";
import { IdleField } from "./fields/IdleField";
import { ImageField } from "./fields/ImageField";
import { NameField } from "./fields/NameField";
import { SizeFields } from "./fields/SizeFields";

interface GeneralFieldsProps {
  environments: Environment[];
  /** A pod of one's own says the rest itself. */
  isOwnSpec: boolean;
}

export function GeneralFields({ environments, isOwnSpec }: GeneralFieldsProps) {
  return (
    <>
      <NameField />
      {!isOwnSpec && (
        <>
          <EnvironmentField environments={environments} />
          <SizeFields environments={environments} />
          <ImageField environments={environments} />
        </>
      )}
      <IdleField />
      <DriveField />
    </>
  );
}
