/** What is filtered now, each with ×; a value that does not exist is said, not tripped over. */
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { showList, useHere } from "../url/location";
import {
  FILTERS,
  withChange,
  withoutFilters,
  type FilterName,
  type ListQuery,
} from "../url/list-query";
import { Icon } from "../ui/Icon";
import { Text } from "../ui/Text";
import type { FilterChoices } from "./useFilterChoices";

export function Chips({ choices }: { choices: FilterChoices }) {
  const { tab, query } = useHere();
  const chips: ChipOf[] = FILTERS.flatMap((name) =>
    query[name].map((value) => ({
      key: `${name}=${value}`,
      text: chipText(name, value, choices),
      change: { [name]: query[name].filter((each) => each !== value) },
    })),
  );
  if (query.q.trim()) {
    chips.push({ key: "q", text: texts.filters.searchChip(query.q.trim()), change: { q: "" } });
  }
  const isOwnerImplied = Boolean(boot.me.may?.see_others) && query.owner.length === 0;
  if (chips.length === 0 && !isOwnerImplied) return null;
  return (
    <div className="chips">
      {isOwnerImplied && (
        <Chip
          text={texts.filters.ownerChipYou}
          onRemove={() => {
            showList(tab, withChange(query, { owner: ["*"] }));
          }}
        />
      )}
      {chips.map(({ key, text, change }) => (
        <Chip
          key={key}
          text={text}
          onRemove={() => {
            showList(tab, withChange(query, change));
          }}
        />
      ))}
      {chips.length > 0 && (
        <button
          type="button"
          className="btn btn-sm btn-link"
          onClick={() => {
            showList(tab, withoutFilters(query));
          }}
        >
          {texts.filters.clear}
        </button>
      )}
    </div>
  );
}

interface ChipOf {
  key: string;
  text: string;
  change: Partial<ListQuery>;
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <span className="chip">
      <Text>{text}</Text>
      <button
        type="button"
        className="btn btn-icon btn-inline"
        aria-label={texts.filters.remove(text)}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

function chipText(name: FilterName, value: string, choices: FilterChoices): string {
  if (name === "owner") return texts.filters.ownerChip(value);
  const known = choices[name]?.find((choice) => choice.value === value);
  if (known || choices[name] === null) {
    return texts.filters.chip(TITLES[name], known?.label ?? value);
  }
  return UNKNOWN[name](value);
}

const TITLES = {
  environment: texts.filters.environment,
  state: texts.filters.status,
  drive: texts.filters.drive,
  billing_project: texts.filters.billing,
};

const UNKNOWN = {
  environment: texts.filters.unknownEnvironment,
  state: texts.filters.unknownStatus,
  drive: texts.filters.unknownDrive,
  billing_project: texts.filters.unknownBilling,
};
