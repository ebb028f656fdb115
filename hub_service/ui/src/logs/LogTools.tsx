/** What can be done with a log: choose the container, follow, wrap, copy, download. */
import type { ReactNode } from "react";

import { boot } from "../boot/boot";
import { texts } from "../texts";
import { useCopy } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { visible } from "../ui/visible";
import type { Log } from "./useLog";

interface LogToolsProps {
  id: string;
  found: Log;
  container: string;
  onContainer: (container: string) => void;
  children: ReactNode;
}

export function LogTools({ id, found, container, onContainer, children }: LogToolsProps) {
  const copy = useCopy();
  const { lines } = found.log;
  return (
    <div className="log-tools" role="group" aria-label={texts.logs.tools}>
      {found.containers.length > 1 && (
        <select
          className="form-select form-select-sm"
          aria-label={texts.logs.container}
          value={container || (found.container ?? "")}
          onChange={({ target }) => {
            onContainer(target.value);
          }}
        >
          {found.containers.map((name) => (
            <option key={name} value={name}>
              {visible(name)}
            </option>
          ))}
        </select>
      )}
      {children}
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        disabled={lines.length === 0}
        onClick={() => {
          copy(lines.map(visible).join("\n"));
        }}
      >
        <Icon name="copy" /> {texts.logs.copy}
      </button>
      <a className="btn btn-sm btn-outline-secondary" href={fileOf(id, container)} download>
        {texts.logs.download}
      </a>
    </div>
  );
}

interface SwitchProps {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

export function Switch({ label, isOn, onChange }: SwitchProps) {
  return (
    <label className="form-check form-switch mb-0">
      <input
        type="checkbox"
        role="switch"
        className="form-check-input"
        checked={isOn}
        onChange={({ target }) => {
          onChange(target.checked);
        }}
      />
      <span className="form-check-label">{label}</span>
    </label>
  );
}

function fileOf(id: string, container: string): string {
  const query = new URLSearchParams({ download: "true", tail: "5000" });
  if (container) query.set("container", container);
  return `${boot.api}sessions/${id}/logs?${query.toString()}`;
}
