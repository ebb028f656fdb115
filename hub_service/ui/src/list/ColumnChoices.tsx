/** Which columns a tab shows, and its order; personal, and each can be put back. */
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { showList, useHere } from "../url/location";
import { withChange } from "../url/list-query";
import { Check } from "../ui/Popup";
import { remember, usePreferences } from "../ui/preferences";
import { columnsOf, isShown, withOthers } from "./columns";

export function ColumnChoices() {
  const { tab, query } = useHere();
  const chosen = usePreferences();
  const setColumns = (columns: Record<string, boolean>) => {
    remember({ columns: { ...chosen.columns, [tab]: columns } });
  };
  return (
    <>
      {columnsOf(tab)
        .filter((column) => column[tab] !== "fixed")
        .map((column) => (
          <Check
            key={column.key}
            label={column.title}
            isChecked={isShown(column, tab, chosen, withOthers(query, boot.me.name))}
            onChange={(isChosen) => {
              setColumns({ ...chosen.columns[tab], [column.key]: isChosen });
            }}
          />
        ))}
      <Reset
        label={texts.columns.reset}
        onReset={() => {
          setColumns({});
        }}
      />
      {query.sort !== "" && (
        <Reset
          label={texts.columns.resetSort}
          onReset={() => {
            remember({ sort: { ...chosen.sort, [tab]: "" } });
            showList(tab, withChange(query, { sort: "" }));
          }}
        />
      )}
    </>
  );
}

function Reset({ label, onReset }: { label: string; onReset: () => void }) {
  return (
    <button type="button" className="btn btn-sm btn-link px-0 d-block" onClick={onReset}>
      {label}
    </button>
  );
}
