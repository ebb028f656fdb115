/** The parts of the editors: what they can do, and nothing that traps the keyboard. */
import { autocompletion } from "@codemirror/autocomplete";
import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import {
  history,
  historyKeymap,
  indentLess,
  indentMore,
  standardKeymap,
  toggleComment,
} from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { indentUnit } from "@codemirror/language";
import { lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";

import { texts } from "../texts";
import { nonceOf } from "./nonce";
import type { PodSchema } from "./schema";
import { suggest } from "./suggest";
import { theme } from "./theme";

/** What every view of YAML has; the nonce lets the editor's style sheets in. */
function common(label: string): Extension {
  const nonce = nonceOf(document);
  return [
    lineNumbers(),
    drawSelection(),
    EditorView.lineWrapping,
    yaml(),
    theme,
    EditorView.contentAttributes.of({ "aria-label": label }),
    nonce ? EditorView.cspNonce.of(nonce) : [],
  ];
}

interface EditorOptions {
  label: string;
  describedBy: string;
  schema: () => PodSchema | null;
  onChange: (text: string) => void;
}

/** The editor. Tab is not taken, so it leaves; Ctrl+[ and Ctrl+] move lines in and out. */
export function editorParts({ label, describedBy, schema, onChange }: EditorOptions): Extension {
  const source = (context: CompletionContext) => complete(context, schema());
  return [
    common(label),
    EditorView.contentAttributes.of({ "aria-describedby": describedBy }),
    history(),
    indentUnit.of("  "),
    lintGutter(),
    autocompletion({ override: [source], icons: false }),
    keymap.of([
      { key: "Mod-[", run: indentLess },
      { key: "Mod-]", run: indentMore },
      { key: "Mod-/", run: toggleComment },
      { key: "F8", run: nextDiagnostic },
      { key: "Shift-F8", run: previousDiagnostic },
      ...historyKeymap,
      // Ctrl+Enter confirms the dialog.
      ...standardKeymap.filter(({ key }) => key !== "Mod-Enter"),
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}

function complete(context: CompletionContext, schema: PodSchema | null): CompletionResult | null {
  const found = schema ? suggest(context.state.doc.toString(), context.pos, schema) : null;
  if (!found || (!context.explicit && found.from === context.pos)) return null;
  return {
    from: found.from,
    options: found.options.map(({ label, detail, info, insert }) => ({
      label,
      detail,
      ...(info ? { info } : {}),
      apply: insert,
    })),
    validFor: /^[\w".-]*$/,
  };
}

/** Text to look at and to copy: it takes the focus, so that the keyboard can move in it. */
export function readerParts(label: string, original: string | null): Extension {
  return [
    common(label),
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ "aria-readonly": "true" }),
    keymap.of(standardKeymap),
    original === null
      ? []
      : unifiedMergeView({
          original,
          mergeControls: false,
          highlightChanges: false,
          gutter: true,
          collapseUnchanged: { margin: 2, minSize: 4 },
        }),
    EditorState.phrases.of({ "$ unchanged lines": texts.yaml.unchanged }),
  ];
}
