/** The form's button "Customise YAML…", or what its YAML does with [Edit YAML] [Remove YAML]. */
import { useEffect, useRef, useState } from "react";

import type { LaunchRequest, Preview } from "../api/types";
import { texts } from "../texts";
import { Tip } from "../ui/Tip";
import { LazyYamlDialog } from "./lazy";
import { whyNoYaml } from "./may";

interface YamlChoiceProps {
  text: string;
  /** What was written in the editor and not used, or null. */
  written: string | null;
  request: LaunchRequest;
  /** The form's own preview, which has the YAML in it. */
  preview: Preview | undefined;
  isWrong: boolean;
  onWrite: (text: string | null) => void;
  onChange: (text: string) => void;
}

export function YamlChoice(props: YamlChoiceProps) {
  const { text, written, request, preview, isWrong, onWrite, onChange } = props;
  const [isOpen, setIsOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const comesBack = useRef(false);
  useEffect(() => {
    // The button that opened is another one when there is YAML, or none any more.
    if (comesBack.current) opener.current?.focus();
    comesBack.current = false;
  });
  const reason = whyNoYaml();
  const open = () => {
    if (!reason) setIsOpen(true);
  };
  const button = (words: string, describedBy?: string) => (
    <button
      ref={opener}
      type="button"
      className={`btn btn-sm btn-outline-secondary ${reason ? "disabled" : ""}`}
      aria-disabled={Boolean(reason)}
      aria-invalid={isWrong}
      aria-describedby={describedBy}
      onClick={open}
    >
      {words}
    </button>
  );
  return (
    <span className="d-inline-flex flex-wrap align-items-center gap-2">
      {text === "" && !reason && button(texts.yaml.customise)}
      {text === "" && reason && <Tip text={reason}>{(id) => button(texts.yaml.customise, id)}</Tip>}
      {text !== "" && (
        <>
          <span>{wordsOf(preview, isWrong)}</span>
          {button(texts.yaml.edit)}
          <button
            type="button"
            className="btn btn-sm btn-outline-secondary"
            onClick={() => {
              comesBack.current = true;
              onChange("");
            }}
          >
            {texts.yaml.remove}
          </button>
        </>
      )}
      {isOpen && (
        <LazyYamlDialog
          text={text}
          written={written}
          request={request}
          onUse={onChange}
          onWrite={onWrite}
          onClose={() => {
            comesBack.current = true;
            setIsOpen(false);
          }}
        />
      )}
    </span>
  );
}

function wordsOf(preview: Preview | undefined, isWrong: boolean): string {
  if (isWrong) return texts.yaml.inUseWrong;
  return preview?.pod ? texts.yaml.inUse(preview.pod.changes) : texts.yaml.inUseUnknown;
}
