/** Where the form's values come from, and what will differ from what was cloned. */
import type { LaunchRequest } from "../api/types";
import { texts } from "../texts";
import { Text } from "../ui/Text";
import type { StartingPoint } from "./useStartingPoint";

interface FormNotesProps {
  point: StartingPoint;
  rest: Partial<LaunchRequest>;
  onLeaveOut: (field: string) => void;
  onStartOver: (() => void) | null;
}

export function FormNotes({ point, rest, onLeaveOut, onStartOver }: FormNotesProps) {
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
      {carried.length > 0 && <p>{texts.form.kept(carried.map(fieldWords).join(", "))}</p>}
      {carried.map((field) => (
        <button
          key={field}
          type="button"
          className="btn btn-sm btn-outline-secondary mt-2 me-2"
          onClick={() => {
            onLeaveOut(field);
          }}
        >
          {texts.form.leaveOut(fieldWords(field))}
        </button>
      ))}
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

function fieldWords(field: string): string {
  return texts.form.fields[field] ?? field.replaceAll("_", " ");
}
