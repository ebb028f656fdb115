/** The drives as a table, the default one first. */
import { useEffect, useRef } from "react";

import type { Drive } from "../api/types";
import { texts } from "../texts";
import type { Asked } from "./DriveDialog";
import { DriveActions } from "./DriveActions";
import { LastUse, MountedBy, Name, Size, Used } from "./cells";

export interface DriveListProps {
  drives: readonly Drive[];
  /** The id of the drive that the address names. */
  meant: string | undefined;
  onAsk: (asked: Asked) => void;
  onChoose: ((name: string) => void) | undefined;
}

export function DriveTable({ drives, meant, onAsk, onChoose }: DriveListProps) {
  const { columns } = texts.drives;
  const row = useInSight<HTMLTableRowElement>(meant);
  return (
    <div className="table-scroll" role="region" aria-label={texts.drives.title} tabIndex={0}>
      <table className="table align-middle sessions">
        <caption className="visually-hidden">{texts.drives.title}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.size}</th>
            <th scope="col">{columns.used}</th>
            <th scope="col">{columns.mounted}</th>
            <th scope="col">{columns.lastUse}</th>
            <th scope="col" className="col-actions">
              <span className="visually-hidden">{columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {drives.map((drive) => (
            <tr
              key={drive.id}
              ref={drive.id === meant ? row : null}
              className={drive.id === meant ? "table-active" : ""}
              aria-current={drive.id === meant ? "true" : undefined}
              aria-labelledby={`drive-${drive.id}`}
            >
              <th scope="row" className="drive-name">
                <Name drive={drive} id={`drive-${drive.id}`} />
              </th>
              <td>
                <Size drive={drive} />
              </td>
              <td className="drive-used">
                <Used drive={drive} />
              </td>
              <td className="drive-name">
                <MountedBy drive={drive} />
              </td>
              <td>
                <LastUse drive={drive} />
              </td>
              <td className="col-actions">
                <DriveActions drive={drive} onAsk={onAsk} onChoose={onChoose} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Bring what the address names into sight, once. */
export function useInSight<T extends HTMLElement>(meant: string | undefined) {
  const element = useRef<T>(null);
  useEffect(() => {
    if (meant !== undefined) element.current?.scrollIntoView({ block: "nearest" });
  }, [meant]);
  return element;
}
