/** Which columns a tab shows; personal, and not in the address. */
import { texts } from "../texts";
import { useHere } from "../url/location";
import { Icon } from "../ui/Icon";
import { Check, Popup } from "../ui/Popup";
import { remember, usePreferences } from "../ui/preferences";
import { columnsOf, isShown } from "./columns";

export function ColumnsMenu() {
  const { tab } = useHere();
  const chosen = usePreferences();
  const button = (
    <>
      <Icon name="columns" /> {texts.columns.button} <Icon name="down" />
    </>
  );
  const show = (key: string, isChosen: boolean) => {
    const columns = { ...chosen.columns[tab], [key]: isChosen };
    remember({ columns: { ...chosen.columns, [tab]: columns } });
  };
  return (
    <Popup label={texts.columns.button} button={button} className="ms-auto">
      {columnsOf(tab)
        .filter((column) => column[tab] !== "fixed")
        .map((column) => (
          <Check
            key={column.key}
            label={column.title}
            isChecked={isShown(column, tab, chosen, false)}
            onChange={(isChosen) => {
              show(column.key, isChosen);
            }}
          />
        ))}
      <button
        type="button"
        className="btn btn-sm btn-link px-0"
        onClick={() => {
          remember({ columns: { ...chosen.columns, [tab]: {} } });
        }}
      >
        {texts.columns.reset}
      </button>
    </Popup>
  );
}
