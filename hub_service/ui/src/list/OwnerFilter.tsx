/** Whose sessions: one's own, everybody's, or those of an owner or e-mail; for administrators. */
import { useState } from "react";

import { boot } from "../boot/boot";
import { texts } from "../texts";
import { showList, useHere } from "../url/location";
import { withChange } from "../url/list-query";
import { Icon } from "../ui/Icon";
import { Check, Popup } from "../ui/Popup";

export function OwnerFilter() {
  const { tab, query } = useHere();
  const [typed, setTyped] = useState("");
  const choose = (owner: string[]) => {
    showList(tab, withChange(query, { owner }));
  };
  const isAll = query.owner.includes("*");
  const button = (
    <>
      {texts.filters.owner} <Icon name="down" />
    </>
  );
  return (
    <Popup label={texts.filters.button(texts.filters.owner)} button={button}>
      <Check
        type="radio"
        name="owner"
        label={texts.filters.ownerYou}
        isChecked={query.owner.length === 0 || query.owner.includes(boot.me.name)}
        onChange={() => {
          choose([]);
        }}
      />
      <Check
        type="radio"
        name="owner"
        label={texts.filters.ownerAll}
        isChecked={isAll}
        onChange={() => {
          choose(["*"]);
        }}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim()) choose([typed.trim()]);
        }}
      >
        <input
          className="form-control form-control-sm"
          aria-label={texts.filters.ownerField}
          placeholder={texts.filters.ownerField}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
          }}
        />
      </form>
    </Popup>
  );
}
