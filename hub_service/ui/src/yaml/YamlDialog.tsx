/** The dialog "Customise YAML"; a chunk of its own, loaded when it is asked for. */
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";

import type { LaunchRequest } from "../api/types";
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { useSettled } from "../ui/useSettled";
import { isBlank } from "./blank";
import { isTooLarge } from "./parse";
import { YamlPanel } from "./YamlPanel";

export interface YamlDialogProps {
  text: string;
  /** What was written before and not used, or null. */
  written: string | null;
  /** The form's choices; its own YAML does not count. */
  request: LaunchRequest;
  /** The text to take, "" for none. */
  onUse: (text: string) => void;
  /** What is written so far and not used, null for nothing: it is not lost when the dialog goes. */
  onWrite: (text: string | null) => void;
  onClose: () => void;
}

export default function YamlDialog(props: YamlDialogProps): ReactNode {
  const { text, written: before, request, onUse, onWrite, onClose } = props;
  const used = text || texts.yaml.skeleton;
  const [isKept, setIsKept] = useState(before !== null);
  const [written, setWritten] = useState(before ?? used);
  const unused = written === text || (text === "" && isBlank(written)) ? null : written;
  const keep = useEffectEvent(() => {
    onWrite(unused);
  });
  const settled = useSettled(written);
  useEffect(() => {
    keep();
  }, [settled]);
  const close = () => {
    onWrite(unused);
    onClose();
  };
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
        onClose={close}
        size="wide"
        footer={
          <>
            <button type="button" className="btn btn-outline-secondary" onClick={close}>
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
        {isKept && (
          <p className="form-notes">
            {texts.yaml.notUsed}{" "}
            <button
              type="button"
              className="btn btn-sm btn-outline-secondary"
              onClick={() => {
                setWritten(used);
                setIsKept(false);
              }}
            >
              {texts.yaml.discard}
            </button>
          </p>
        )}
        <YamlPanel
          key={String(isKept)}
          field="pod_overrides"
          text={written}
          request={request}
          onChange={setWritten}
        />
      </Dialog>
    </div>,
    document.body,
  );
}
