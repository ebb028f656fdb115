/** CodeMirror in the page: text in, changes out, problems marked at their lines. */
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useImperativeHandle, useRef, type Ref } from "react";

import { texts } from "../texts";
import { visible } from "../ui/visible";
import type { Problem } from "./problem";
import type { PodSchema } from "./schema";
import { editorParts } from "./setup";

export interface EditorHandle {
  /** Put the cursor at a place, and the focus into the editor. */
  goTo: (from: number) => void;
  /** Another text instead, which can be undone. */
  replace: (text: string) => void;
}

interface YamlEditorProps {
  ref?: Ref<EditorHandle>;
  label: string;
  describedBy: string;
  text: string;
  schema: PodSchema | null;
  problems: Problem[];
  onChange: (text: string) => void;
}

export function YamlEditor({ ref, label, describedBy, text, ...props }: YamlEditorProps) {
  const { schema, problems, onChange } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const known = useRef(schema);
  const changed = useEffectEvent(onChange);
  const begin = useEffectEvent(() => text);
  useEffect(() => {
    known.current = schema;
  }, [schema]);
  useEffect(() => {
    if (!place.current) return;
    const options = { label, describedBy, schema: () => known.current, onChange: changed };
    const doc = begin();
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc,
        selection: { anchor: doc.length },
        extensions: editorParts(options),
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [label, describedBy]);
  useEffect(() => {
    const { current } = view;
    if (!current) return;
    const most = current.state.doc.length;
    current.dispatch(
      setDiagnostics(
        current.state,
        problems.map((one) => markOf(one, most)),
      ),
    );
  }, [problems]);
  useImperativeHandle(ref, () => ({
    goTo: (from) => {
      const { current } = view;
      if (!current) return;
      const anchor = Math.min(from, current.state.doc.length);
      current.dispatch({ selection: { anchor }, scrollIntoView: true });
      current.focus();
    },
    replace: (insert) => {
      const { current } = view;
      current?.dispatch({ changes: { from: 0, to: current.state.doc.length, insert } });
      current?.focus();
    },
  }));
  return <div ref={place} className="yaml-editor" data-testid="yaml-editor" />;
}

function markOf({ from, to, level, message, rule }: Problem, most: number): Diagnostic {
  const source = rule ? texts.yaml.ruleOf(visible(rule)) : "";
  return {
    from: Math.min(from, most),
    to: Math.min(to, most),
    severity: level,
    message: visible(message),
    ...(source ? { source } : {}),
  };
}
