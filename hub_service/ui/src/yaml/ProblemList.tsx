/** Problems below the editor: line, rule, sentence, and buttons that mend them. */
import { useEffect, useRef } from "react";

import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { useNotices } from "../ui/Notices";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import type { Problem } from "./problem";
import { tell, UNTOLD } from "./told";

interface ProblemListProps {
  problems: Problem[];
  /** What is said when there is nothing to say. */
  silence: string;
  /** Whether both are about the text as it stands. */
  isSettled: boolean;
  onGo: (from: number) => void;
  onFix: (text: string) => void;
}

export function ProblemList({ problems, silence, isSettled, onGo, onFix }: ProblemListProps) {
  useTold(problems.length, silence, isSettled);
  return (
    <section aria-label={texts.yaml.problems} className="yaml-problems">
      <p className="small mb-1">
        {problems.length > 0 ? texts.yaml.problemCount(problems.length) : silence}
      </p>
      {problems.length > 0 && (
        <ul className="list-unstyled mb-0">
          {problems.map((problem) => (
            <li key={`${problem.line ?? ""} ${problem.path} ${problem.message}`}>
              <Icon name={problem.level === "error" ? "cross" : "warn"} />
              {problem.line !== null && (
                <button
                  type="button"
                  className="btn btn-link btn-sm p-0"
                  onClick={() => {
                    onGo(problem.from);
                  }}
                >
                  {texts.yaml.line(problem.line)}
                </button>
              )}
              <span>
                {problem.path && <code>{visible(problem.path)}</code>}{" "}
                <Text>{problem.message}</Text>
                {problem.rule && !problem.message.includes(problem.rule) && (
                  <small className="text-body-secondary">
                    {" "}
                    ({texts.yaml.ruleOf(visible(problem.rule))})
                  </small>
                )}
              </span>
              {problem.fixes.map((fix) => (
                <button
                  key={fix.label}
                  type="button"
                  className="btn btn-sm btn-outline-secondary"
                  onClick={() => {
                    onFix(fix.text);
                  }}
                >
                  <Text>{fix.label}</Text>
                </button>
              ))}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function useTold(problems: number, silence: string, isSettled: boolean): void {
  const { announce } = useNotices();
  const told = useRef(UNTOLD);
  useEffect(() => {
    const words = tell(told.current, { problems, silence, isSettled });
    if (words !== told.current) announce(words);
    told.current = words;
  }, [problems, silence, isSettled, announce]);
}
