/** What stands in each column of a drive. */
import type { Drive } from "../api/types";
import { boot } from "../boot/boot";
import { amountOf } from "../list/quantity";
import { texts } from "../texts";
import { LayerLink } from "../ui/LayerLink";
import { Text } from "../ui/Text";
import { When } from "../ui/When";
import { Icon } from "../ui/Icon";
import { visible } from "../ui/visible";
import { paths } from "../url/routes";
import { bytesWords, fullness, isNearlyFull, capacityWords, titleOf } from "./words";

export function Name({ drive, id }: { drive: Drive; id: string }) {
  return (
    <>
      <span id={id} className="row-name">
        {titleOf(drive, boot.me.name)}
      </span>
      {drive.storage_class && (
        <small className="text-body-secondary d-block">
          <Text>{drive.storage_class}</Text>
        </small>
      )}
      {drive.trouble && (
        <small className="trouble">
          <Icon name="warn" />
          <span>
            <Text>{drive.trouble}</Text>
          </span>
        </small>
      )}
    </>
  );
}

export function Size({ drive: { size, grows_to: next } }: { drive: Drive }) {
  if (!size) return <>{texts.ago.never}</>;
  return (
    <>
      <span className="text-nowrap">{capacityWords(size)}</span>
      {next && (
        <small className="text-body-secondary d-block">
          {texts.drives.growing(capacityWords(next))}
        </small>
      )}
    </>
  );
}

/** What is used, with a bar where the size is known; nothing where nobody measures. */
export function Used({ drive }: { drive: Drive }) {
  const used = amountOf(drive.used);
  if (used === null) return <>{texts.ago.never}</>;
  const percent = fullness(drive);
  const isFull = isNearlyFull(percent);
  const words = bytesWords(used);
  return (
    <>
      <span className="text-nowrap">{words}</span>
      {percent !== null && (
        <div
          className="progress drive-bar"
          role="meter"
          aria-label={texts.drives.usedOf(titleOf(drive, boot.me.name))}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, percent)}
          aria-valuetext={texts.drives.full(percent)}
        >
          <div
            className={`progress-bar ${isFull ? "bg-danger" : ""}`}
            style={{ width: `${String(Math.min(100, percent))}%` }}
          />
        </div>
      )}
      {isFull && (
        <small className="trouble">
          <Icon name="warn" />
          <span>{texts.drives.full(percent)}</span>
        </small>
      )}
    </>
  );
}

/** The sessions that have it now. */
export function MountedBy({ drive: { mounted_by: holders } }: { drive: Drive }) {
  if (holders.length === 0) return <>{texts.ago.never}</>;
  return (
    <ul className="drive-holders">
      {holders.map(({ id, name, read_only: isReadOnly }) => (
        <li key={id}>
          <LayerLink to={paths.details(id)}>{visible(name)}</LayerLink>
          {isReadOnly && <small className="text-body-secondary"> {texts.details.readOnly}</small>}
        </li>
      ))}
    </ul>
  );
}

export function LastUse({ drive }: { drive: Drive }) {
  if (drive.mounted_by.length > 0) return <>{texts.drives.now}</>;
  return <When at={drive.last_used_at} />;
}
