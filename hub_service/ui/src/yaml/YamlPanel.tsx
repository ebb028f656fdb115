/** The editor with what comes of its text: the difference at the right, problems below. */
import { useId, useRef } from "react";

import type { LaunchRequest } from "../api/types";
import { texts } from "../texts";
import { NARROW, useMedia } from "../ui/media";
import { isTooLarge } from "./parse";
import { ProblemList } from "./ProblemList";
import { useYamlCheck } from "./useYamlCheck";
import { YamlEditor, type EditorHandle } from "./YamlEditor";
import { YamlReader } from "./YamlReader";
import { useDryRun } from "./useDryRun";
import type { YamlField } from "./check";

interface YamlPanelProps {
  field: YamlField;
  text: string;
  /** The id of what is said of the text elsewhere. */
  describedBy?: string;
  /** The form's choices, without YAML. */
  request: LaunchRequest;
  onChange: (text: string) => void;
}

export function YamlPanel({ field, text, describedBy = "", request, onChange }: YamlPanelProps) {
  const hint = useId();
  const editor = useRef<EditorHandle>(null);
  const isNarrow = useMedia(NARROW);
  const check = useYamlCheck(text, field, request);
  const dryRun = useDryRun(text, field, request);
  const problems = check.problems.length > 0 ? check.problems : dryRun.problems;
  const isSpec = field === "pod_spec";
  const silence =
    dryRun.silence ??
    (check.failure || (check.isCurrent ? texts.yaml.noProblems : texts.yaml.checking));
  return (
    <div className="yaml-panel">
      {isNarrow && <p className="mb-1">{texts.yaml.larger}</p>}
      <p id={hint} className="small text-body-secondary mb-1">
        {isSpec ? texts.yaml.winsInSpec : texts.yaml.wins} {texts.yaml.keys}
      </p>
      <div className="yaml-halves">
        <YamlEditor
          ref={editor}
          label={isSpec ? texts.yaml.editorOfSpec : texts.yaml.editor}
          describedBy={`${hint} ${describedBy}`.trim()}
          text={text}
          schema={check.schema}
          problems={problems}
          onChange={onChange}
        />
        <Difference pod={check.pod} isCurrent={check.isPodCurrent} />
      </div>
      <ProblemList
        problems={problems}
        silence={silence}
        isSettled={!dryRun.isBusy && (check.isCurrent || check.failure !== "")}
        onGo={(from) => editor.current?.goTo(from)}
        onFix={(fixed) => editor.current?.replace(fixed)}
      />
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        title={texts.yaml.checkHelp}
        aria-busy={dryRun.isBusy}
        aria-disabled={dryRun.isBusy || isTooLarge(text)}
        onClick={dryRun.start}
      >
        {isSpec ? texts.yaml.validate : texts.yaml.check}
      </button>
    </div>
  );
}

interface DifferenceProps {
  pod: { yaml: string; default_yaml: string; changes: number } | null;
  isCurrent: boolean;
}

function Difference({ pod, isCurrent }: DifferenceProps) {
  return (
    <section aria-label={texts.yaml.difference} className="yaml-difference">
      <h3 className="h6 mb-1">
        {texts.yaml.difference}
        {pod && <small className="text-body-secondary"> · {texts.yaml.changes(pod.changes)}</small>}
      </h3>
      {pod ? (
        <>
          {!isCurrent && <p className="small mb-1">{texts.yaml.staysUntil}</p>}
          <YamlReader label={texts.yaml.difference} text={pod.yaml} original={pod.default_yaml} />
        </>
      ) : (
        <p className="small text-body-secondary">{texts.yaml.noDifference}</p>
      )}
    </section>
  );
}
