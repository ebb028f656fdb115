/** The button behind which the columns are chosen. */
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { Popup } from "../ui/Popup";
import { ColumnChoices } from "./parts";

export function ColumnsMenu() {
  const button = (
    <>
      <Icon name="columns" /> <span className="d-none d-lg-inline">{texts.columns.button}</span>{" "}
      <Icon name="down" />
    </>
  );
  return (
    <Popup label={texts.columns.button} button={button} className="ms-auto">
      <ColumnChoices />
    </Popup>
  );
}
