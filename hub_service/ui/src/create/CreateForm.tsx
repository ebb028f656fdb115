/** The form of a new session: two tabs of fields on the left, what comes of them on the right. */
import { useId, useState, type KeyboardEvent } from "react";
import { FormProvider } from "react-hook-form";

import { closeLayer } from "../url/location";
import { YamlField } from "../yaml/YamlField";
import { Dialog } from "../ui/Dialog";
import { NARROW, useMedia } from "../ui/media";
import { AdvancedFields } from "./AdvancedFields";
import type { StartingPoint } from "./beginning";
import { CallButton, CallPanel } from "./CallPanel";
import { FixContext } from "./checked";
import { CreateFooter } from "./CreateFooter";
import { Followers } from "./Followers";
import { FormNotes } from "./FormNotes";
import { FormTabs, TabPanel } from "./FormTabs";
import { GeneralFields } from "./GeneralFields";
import { Refusal } from "./Refusal";
import { Summary } from "./Summary";
import { useCreateForm } from "./useCreateForm";

interface CreateFormProps {
  title: string;
  point: StartingPoint;
  /** Puts the defaults in place of the point. */
  onStartOver: () => void;
}

export function CreateForm({ title, point, onStartOver }: CreateFormProps) {
  const id = useId();
  const { form, element, tab, setTab, create, refusal, submit, fix, leadToStart } =
    useCreateForm(point);
  const [isCallShown, setIsCallShown] = useState(false);
  const isNarrow = useMedia(NARROW);
  const callButton = (
    <CallButton
      isShown={isCallShown}
      onToggle={() => {
        setIsCallShown(!isCallShown);
      }}
    />
  );
  return (
    <Dialog
      title={title}
      onClose={closeLayer}
      size="wide"
      footer={
        <CreateFooter formId={id} isBusy={create.isPending}>
          {!isNarrow && callButton}
        </CreateFooter>
      }
    >
      <FormProvider {...form}>
        <FixContext value={fix}>
          <Followers
            environments={point.environments}
            clonedFrom={point.clonedFrom}
            isSending={create.isPending}
          >
            <form
              id={id}
              ref={element}
              noValidate
              className="create"
              onSubmit={(event) => void submit(event)}
              onKeyDown={keepEnter}
            >
              <div className="create-fields">
                <FormTabs tab={tab} onChoose={setTab} />
                <FormNotes
                  point={point}
                  onStartOver={() => {
                    leadToStart();
                    onStartOver();
                  }}
                />
                <Refusal error={refusal} waiting={create.failureReason} isBusy={create.isPending} />
                <TabPanel tab="general" shown={tab}>
                  <GeneralFields environments={point.environments} isOwnSpec={point.isOwnSpec} />
                </TabPanel>
                <TabPanel tab="advanced" shown={tab}>
                  <AdvancedFields isOwnSpec={point.isOwnSpec} />
                </TabPanel>
                <YamlField isOwnSpec={point.isOwnSpec} />
                {isNarrow && callButton}
                {isCallShown && <CallPanel />}
              </div>
              <Summary />
            </form>
          </Followers>
        </FixContext>
      </FormProvider>
    </Dialog>
  );
}

/** Enter in a text field does not start a session; Ctrl or ⌘ with Enter does. */
function keepEnter(event: KeyboardEvent): void {
  const isText = event.target instanceof HTMLInputElement;
  if (event.key === "Enter" && isText && !event.ctrlKey && !event.metaKey) event.preventDefault();
}
