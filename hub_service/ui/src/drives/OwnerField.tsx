/** Whose drives an administrator looks at. */
import { useState } from "react";

import { boot } from "../boot/boot";
import { texts } from "../texts";
import { replaceLayer } from "../url/location";
import { paths } from "../url/routes";

export function OwnerField({ owner }: { owner: string }) {
  const [typed, setTyped] = useState(owner);
  const name = typed.trim();
  return (
    <form
      className="drives-owner"
      onSubmit={(event) => {
        event.preventDefault();
        const isOwn = name === "" || name === boot.me.name;
        replaceLayer(paths.drives() + (isOwn ? "" : `?${new URLSearchParams({ owner: name })}`));
      }}
    >
      <input
        className="form-control form-control-sm"
        aria-label={texts.drives.owner}
        placeholder={texts.drives.owner}
        maxLength={256}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
      />
      <button type="submit" className="btn btn-sm btn-outline-secondary">
        {texts.drives.showOwner}
      </button>
    </form>
  );
}
