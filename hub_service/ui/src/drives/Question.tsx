/** A small dialog with one button that does it; a refusal stands at its field, or at the foot. */
import type { ReactNode } from "react";

import { ApiError } from "../api/client";
import { sentenceOf } from "../api/error-text";
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { FieldMessage } from "../ui/FieldMessage";

interface QuestionProps {
  title: string;
  confirm: string;
  isDangerous?: boolean;
  isBusy: boolean;
  error: Error | null;
  /** The fields whose messages the dialog shows itself. */
  fields: readonly string[];
  onClose: () => void;
  onConfirm: () => void;
  children: ReactNode;
}

export function Question(props: QuestionProps) {
  const { title, confirm, isDangerous, isBusy, error, fields, onClose, onConfirm, children } =
    props;
  const isShown = error !== null && fields.some((field) => fieldError(error, field));
  return (
    <Dialog
      title={title}
      onClose={onClose}
      size="question"
      footer={
        <>
          <button type="button" className="btn btn-outline-secondary" onClick={onClose}>
            {texts.cancel}
          </button>
          <button
            type="button"
            className={`btn ${isDangerous ? "btn-danger" : "btn-primary"} ${isBusy ? "disabled" : ""}`}
            data-confirm
            aria-busy={isBusy}
            aria-disabled={isBusy}
            onClick={() => {
              if (!isBusy) onConfirm();
            }}
          >
            {confirm}
          </button>
        </>
      }
    >
      {children}
      <FieldMessage message={error && !isShown ? sentenceOf(error) : ""} />
    </Dialog>
  );
}

/** The server's sentence at a field. */
export function fieldError(error: Error | null, field: string): string {
  return error instanceof ApiError ? (error.fields[field] ?? "") : "";
}
