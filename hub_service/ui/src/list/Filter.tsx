/** One filter: the values that exist as checkboxes; several mean either. */
import { texts } from "../texts";
import { showList, useHere } from "../url/location";
import { withChange, type FilterName } from "../url/list-query";
import { Icon } from "../ui/Icon";
import { Check, Popup } from "../ui/Popup";
import type { Choice } from "./choices";

interface FilterProps {
  name: Exclude<FilterName, "owner">;
  title: string;
  choices: Choice[] | null;
  /** What is said when nothing is there to choose from. */
  nothing?: string;
  onOpen?: () => void;
}

export function Filter({ name, title, choices, nothing, onOpen }: FilterProps) {
  const { tab, query } = useHere();
  const chosen = query[name];
  const toggle = (value: string, isChosen: boolean) => {
    const rest = chosen.filter((each) => each !== value);
    showList(tab, withChange(query, { [name]: isChosen ? [...rest, value] : rest }));
  };
  const button = (
    <>
      {title} <Icon name="down" />
    </>
  );
  return (
    <Popup label={texts.filters.button(title)} button={button} {...(onOpen ? { onOpen } : {})}>
      {(choices === null || choices.length === 0) && (
        <p className="mb-0">{nothing ?? texts.filters.nothing}</p>
      )}
      {choices?.map(({ value, label }) => (
        <Check
          key={value}
          label={label}
          isChecked={chosen.includes(value)}
          onChange={(isChosen) => {
            toggle(value, isChosen);
          }}
        />
      ))}
    </Popup>
  );
}
