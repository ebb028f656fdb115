/** YAML to look at: a text, or its difference from another one. */
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { readerParts } from "./setup";

interface YamlReaderProps {
  label: string;
  text: string;
  /** What it is compared with; null shows the text alone. */
  original?: string | null;
}

export function YamlReader({ label, text, original = null }: YamlReaderProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({ doc: text, extensions: readerParts(label, original) }),
    });
    return () => {
      view.destroy();
    };
  }, [label, text, original]);
  return <div ref={place} className="yaml-reader" />;
}
