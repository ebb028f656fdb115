/** How early a stop is told, and whether outside the page too; remembered in this browser. */
import { useId, useState } from "react";

import { texts } from "../texts";
import { remember, usePreferences } from "../ui/preferences";
import { canTellOutside } from "./outside";
import { WARN_MINUTES } from "./stop-watch";

const { bell: t } = texts;

export function WarnSettings() {
  const { warnMinutes } = usePreferences();
  const id = useId();
  return (
    <div className="notices-settings">
      <label htmlFor={id}>{t.warn}</label>
      <select
        id={id}
        className="form-select form-select-sm w-auto"
        value={warnMinutes}
        onChange={({ target }) => {
          remember({ warnMinutes: Number(target.value) });
        }}
      >
        {WARN_MINUTES.map((minutes) => (
          <option key={minutes} value={minutes}>
            {t.minutes(minutes)}
          </option>
        ))}
      </select>
      {canTellOutside() && <Outside />}
      <button
        type="button"
        className="btn btn-sm btn-link p-0"
        onClick={() => {
          remember({ warnMinutes: 5, tellOutside: false });
        }}
      >
        {t.reset}
      </button>
    </div>
  );
}

/** The browser is asked for its permission by this click alone. */
function Outside() {
  const { tellOutside } = usePreferences();
  const [permission, setPermission] = useState(Notification.permission);
  const isOn = tellOutside && permission === "granted";
  const ask = async () => {
    const answer = await Notification.requestPermission();
    setPermission(answer);
    remember({ tellOutside: answer === "granted" });
  };
  return (
    <>
      {isOn && <span>{t.outsideOn}</span>}
      {permission === "denied" && <span>{t.outsideRefused}</span>}
      {permission !== "denied" && (
        <button
          type="button"
          className="btn btn-sm btn-outline-secondary"
          onClick={() => {
            if (isOn) remember({ tellOutside: false });
            else void ask();
          }}
        >
          {isOn ? t.outsideOff : t.outside}
        </button>
      )}
    </>
  );
}
