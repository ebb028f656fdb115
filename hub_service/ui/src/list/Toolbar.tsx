/** Search, filters and columns; on narrow windows the filters stand behind one button. */
import { useState } from "react";

import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { useHere } from "../url/location";
import { filterCount } from "../url/list-query";
import { Icon } from "../ui/Icon";
import { Chips } from "./Chips";
import { ColumnsMenu } from "./ColumnsMenu";
import { Filter } from "./Filter";
import { OwnerFilter } from "./OwnerFilter";
import { SearchField } from "./SearchField";
import { useFilterChoices } from "./useFilterChoices";

interface ToolbarProps {
  rows: Session[];
  isNarrow: boolean;
}

export function Toolbar({ rows, isNarrow }: ToolbarProps) {
  const { query } = useHere();
  const [isOpen, setIsOpen] = useState(false);
  const [isBilling, setIsBilling] = useState(false);
  const choices = useFilterChoices(rows, isBilling);
  return (
    <div className="toolbar">
      <SearchField />
      {isNarrow && (
        <button
          type="button"
          className="btn btn-outline-secondary"
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          <Icon name="filter" /> {texts.filters.narrow(filterCount(query))}
        </button>
      )}
      {(!isNarrow || isOpen) && (
        <>
          <Filter
            name="environment"
            title={texts.filters.environment}
            choices={choices.environment}
          />
          <Filter name="state" title={texts.filters.status} choices={choices.state} />
          <Filter name="drive" title={texts.filters.drive} choices={choices.drive} />
          <Filter
            name="billing_project"
            title={texts.filters.billing}
            choices={choices.billing_project}
            nothing={texts.filters.nothingBilled}
            onOpen={() => {
              setIsBilling(true);
            }}
          />
          {boot.me.may?.see_others && <OwnerFilter />}
        </>
      )}
      {!isNarrow && <ColumnsMenu />}
      <Chips choices={choices} />
    </div>
  );
}
