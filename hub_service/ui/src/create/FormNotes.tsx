/** Where the form's values come from, and what will differ from what was cloned. */
import { texts } from "../texts";
import { Text } from "../ui/Text";
import type { StartingPoint } from "./beginning";

interface FormNotesProps {
  point: StartingPoint;
  onStartOver: () => void;
}

export function FormNotes({ point, onStartOver }: FormNotesProps) {
  const { notes, changes } = point;
  if (notes.length + changes.length === 0) return null;
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
      <button type="button" className="btn btn-sm btn-outline-secondary mt-2" onClick={onStartOver}>
        {texts.form.startOver}
      </button>
    </div>
  );
}
