/** How the editor looks: colours by name, so that both themes are in `yaml.css`. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--yaml-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--yaml-text)" },
  { tag: [tags.content, tags.attributeValue], color: "var(--yaml-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--yaml-number)" },
  { tag: [tags.lineComment, tags.comment], color: "var(--yaml-comment)", fontStyle: "italic" },
  { tag: [tags.meta, tags.typeName, tags.labelName], color: "var(--yaml-mark)" },
]);

const look = EditorView.theme({
  "&": {
    height: "100%",
    fontSize: "0.875rem",
    color: "var(--bs-body-color)",
    backgroundColor: "var(--yaml-paper)",
  },
  ".cm-scroller": { fontFamily: "var(--bs-font-monospace)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--bs-body-color)" },
  ".cm-cursor": { borderLeftColor: "var(--bs-body-color)" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": {
    color: "var(--bs-secondary-color)",
    backgroundColor: "var(--yaml-paper)",
    borderRight: "1px solid var(--bs-border-color)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--yaml-selection)" },
  ".cm-tooltip": {
    color: "var(--bs-body-color)",
    backgroundColor: "var(--bs-body-bg)",
    border: "1px solid var(--edge)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--bs-body-bg)",
    backgroundColor: "var(--bs-link-color)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "1" },
  ".cm-completionInfo": { maxWidth: "20rem", fontFamily: "var(--bs-body-font-family)" },
  ".cm-changedLine": { backgroundColor: "var(--yaml-added) !important" },
  ".cm-deletedChunk": { backgroundColor: "var(--yaml-removed) !important" },
  ".cm-changedText, .cm-deletedText": { background: "none !important" },
  ".cm-deletedChunk .cm-deletedText": { textDecoration: "none" },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: '"…"' },
  ".cm-collapsedLines": {
    color: "var(--bs-body-color)",
    background: "var(--bs-tertiary-bg)",
  },
});

export const theme = [look, syntaxHighlighting(colours)];
