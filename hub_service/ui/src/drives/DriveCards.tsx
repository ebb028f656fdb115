/** The drives of a narrow window: one card a drive. */
import { texts } from "../texts";
import { DriveActions } from "./DriveActions";
import { LastUse, MountedBy, Name, Size, Used } from "./cells";
import { useInSight, type DriveListProps } from "./DriveTable";

export function DriveCards({ drives, meant, onAsk, onChoose }: DriveListProps) {
  const { columns } = texts.drives;
  const card = useInSight<HTMLLIElement>(meant);
  return (
    <ul className="cards" aria-label={texts.drives.title}>
      {drives.map((drive) => (
        <li
          key={drive.id}
          ref={drive.id === meant ? card : null}
          className="session-card"
          aria-current={drive.id === meant ? "true" : undefined}
          aria-labelledby={`drive-${drive.id}`}
        >
          <div className="d-flex align-items-start gap-2">
            <div className="flex-grow-1 min-w-0">
              <Name drive={drive} id={`drive-${drive.id}`} />
            </div>
            <DriveActions drive={drive} onAsk={onAsk} onChoose={onChoose} />
          </div>
          <dl className="drive-facts">
            {drive.size && <Fact name={columns.size} value={<Size drive={drive} />} />}
            <Fact name={columns.used} value={<Used drive={drive} />} />
            <Fact name={columns.mounted} value={<MountedBy drive={drive} />} />
            <Fact name={columns.lastUse} value={<LastUse drive={drive} />} />
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
