/** The tab Advanced: what is attached to a session, and what few people change. */
import { BillingField } from "./fields/BillingField";
import { CloudSqlField } from "./fields/CloudSqlField";
import { ExtraDrivesField } from "./fields/ExtraDrivesField";
import { LifetimeField } from "./fields/LifetimeField";
import { PortsField } from "./fields/PortsField";
import { SecretsField } from "./fields/SecretsField";
import { ServiceAccountField } from "./fields/ServiceAccountField";
import { VariablesField } from "./fields/VariablesField";

export function AdvancedFields({ isOwnSpec }: { isOwnSpec: boolean }) {
  if (isOwnSpec) {
    return (
      <>
        <BillingField />
        <LifetimeField />
      </>
    );
  }
  return (
    <>
      <ExtraDrivesField />
      <CloudSqlField />
      <SecretsField />
      <ServiceAccountField />
      <BillingField />
      <PortsField />
      <LifetimeField />
      <VariablesField />
    </>
  );
}
