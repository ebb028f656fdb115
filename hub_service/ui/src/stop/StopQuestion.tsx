/** The question before anything is stopped: the safe answer has the focus. */
import type { ReactNode } from "react";

import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";

interface StopQuestionProps {
  title: string;
  /** What the button that stops says. */
  confirm: string;
  /** What runs in what would be stopped. */
  children: ReactNode;
  sessionId?: string;
  onClose: () => void;
  onStop: () => void;
}

export function StopQuestion(props: StopQuestionProps) {
  const { title, confirm, children, sessionId, onClose, onStop } = props;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      size="question"
      sessionId={sessionId}
      footer={
        <>
          <button
            type="button"
            className="btn btn-outline-secondary"
            data-first-focus
            onClick={onClose}
          >
            {texts.stop.keep}
          </button>
          <button type="button" className="btn btn-danger" data-confirm onClick={onStop}>
            {confirm}
          </button>
        </>
      }
    >
      {children}
      <p className="mb-0">{texts.stop.kept}</p>
    </Dialog>
  );
}
