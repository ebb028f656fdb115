/** The tabs General and Advanced: how many choices differ from the default, and "!" for an error. */
import { use, useState, type KeyboardEvent, type ReactNode } from "react";
import { useFormState } from "react-hook-form";

import { texts } from "../texts";
import { tabAt } from "../ui/tab-keys";
import { CheckedContext } from "./checked";
import { useFollowed } from "./followed";
import { wrongPaths } from "./own-errors";
import { advancedCount, FORM_TABS, tabOf, type FormTab, type FormValues } from "./values";

interface FormTabsProps {
  tab: FormTab;
  onChoose: (tab: FormTab) => void;
}

export function FormTabs({ tab, onChoose }: FormTabsProps) {
  const { values } = useFollowed();
  const state = useFormState<FormValues>();
  const checked = use(CheckedContext);
  const wrong = [...wrongPaths(state), ...Object.keys(checked)].map(tabOf);
  const count = advancedCount(values);
  return (
    <div
      role="tablist"
      aria-label={texts.form.tabsLabel}
      className="nav nav-tabs mb-3"
      onKeyDown={(event) => {
        move(event, tab, onChoose);
      }}
    >
      {FORM_TABS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          id={`form-tab-${each}`}
          className={`nav-link ${each === tab ? "active" : ""}`}
          aria-selected={each === tab}
          aria-controls={`form-panel-${each}`}
          tabIndex={each === tab ? 0 : -1}
          onClick={() => {
            onChoose(each);
          }}
        >
          {texts.form.tabs[each]}
          {each === "advanced" && count > 0 && (
            <>
              {" "}
              <span className="badge bg-secondary-subtle text-secondary-emphasis">{count}</span>
            </>
          )}
          {wrong.includes(each) && (
            <>
              {" "}
              <span className="badge bg-danger-subtle text-danger-emphasis" aria-hidden="true">
                !
              </span>
              <span className="visually-hidden">{texts.form.tabWrong}</span>
            </>
          )}
        </button>
      ))}
    </div>
  );
}

interface TabPanelProps {
  tab: FormTab;
  shown: FormTab;
  children: ReactNode;
}

/** The fields of a tab; they are made when it is first shown, and stay. */
export function TabPanel({ tab, shown, children }: TabPanelProps) {
  const isShown = tab === shown;
  const [wasShown, setWasShown] = useState(isShown);
  if (isShown && !wasShown) setWasShown(true);
  return (
    <div
      role="tabpanel"
      id={`form-panel-${tab}`}
      aria-labelledby={`form-tab-${tab}`}
      hidden={!isShown}
    >
      {wasShown && children}
    </div>
  );
}

function move(event: KeyboardEvent<HTMLElement>, tab: FormTab, choose: (tab: FormTab) => void) {
  const next = tabAt(event.key, FORM_TABS, tab);
  if (!next) return;
  event.preventDefault();
  choose(next);
  event.currentTarget.querySelector<HTMLElement>(`#form-tab-${next}`)?.focus();
}
