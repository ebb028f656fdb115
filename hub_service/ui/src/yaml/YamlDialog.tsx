/** The dialog "Customise YAML"; a chunk of its own, loaded when it is asked for. */
import { useState, type ReactNode } from "react";
import { createPortal } from "react-dom";

import type { LaunchRequest } from "../api/types";
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { isBlank } from "./check";
import { isTooLarge } from "./parse";
import { YamlPanel } from "./YamlPanel";

export interface YamlDialogProps {
  text: string;
  /** The form's choices; its own YAML does not count. */
  request: LaunchRequest;
  /** The text to take, "" for none. */
  onUse: (text: string) => void;
  onClose: () => void;
}

export default function YamlDialog(props: YamlDialogProps): ReactNode {
  const { text, request, onUse, onClose } = props;
  const [written, setWritten] = useState(text || texts.yaml.skeleton);
  const use = () => {
    if (isTooLarge(written)) return;
    onUse(isBlank(written) ? "" : written);
    onClose();
  };
  // Outside of the form and its dialog: what is typed and pressed here is not theirs.
  return createPortal(
    <div
      onKeyDown={(event) => {
        event.stopPropagation();
      }}
    >
      <Dialog
        title={texts.yaml.title}
        onClose={onClose}
        size="wide"
        footer={
          <>
            <button type="button" className="btn btn-outline-secondary" onClick={onClose}>
              {texts.cancel}
            </button>
            <button
              type="button"
              className="btn btn-primary"
              data-confirm
              aria-disabled={isTooLarge(written)}
              onClick={use}
            >
              {texts.yaml.use}
            </button>
          </>
        }
      >
        <YamlPanel field="pod_overrides" text={written} request={request} onChange={setWritten} />
      </Dialog>
    </div>,
    document.body,
  );
}
