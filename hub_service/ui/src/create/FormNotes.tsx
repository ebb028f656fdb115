/** Where the form's values come from, and what will differ from what was cloned. */
import type { LaunchRequest } from "../api/types";
import { texts } from "../texts";
import { Text } from "../ui/Text";
import type { StartingPoint } from "./useStartingPoint";

interface FormNotesProps {
  point: StartingPoint;
  rest: Partial<LaunchRequest>;
  onStartOver: (() => void) | null;
}

export function FormNotes({ point, rest, onStartOver }: FormNotesProps) {
  const { notes, changes } = point;
  const carried = Object.keys(rest).filter((field) => field !== "cloned_from");
  if (notes.length + changes.length + carried.length === 0) return null;
  return (
    <div className="form-notes">
      {notes.map((note) => (
        <p key={note}>
          <Text>{note}</Text>
        </p>
      ))}
      {changes.length > 0 && (
        <>
          <p>{texts.form.differs}</p>
          <ul>
            {changes.map(({ field, reason }) => (
              <li key={field + reason}>
                <Text>{reason}</Text>
              </li>
            ))}
          </ul>
        </>
      )}
      {carried.length > 0 && <p>{texts.form.kept(carried.join(", ").replaceAll("_", " "))}</p>}
      {onStartOver && (
        <button
          type="button"
          className="btn btn-sm btn-outline-secondary mt-2"
          onClick={onStartOver}
        >
          {texts.form.startOver}
        </button>
      )}
    </div>
  );
}
