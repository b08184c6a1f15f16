import { App, Button, Input, Segmented } from 'antd';
import type { Complaint, ComplaintAbout } from '@gatecast/cloud-api/client';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useEffect, useId, useRef, useState } from 'react';
import { useReadPages, useWrite } from '../../api/api-context.tsx';
import { useFormats } from '../../i18n/language-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { LoadMore } from '../load-more.tsx';
import { MuteButton } from './mute-button.tsx';
import { useScreenWords } from './screen-words.ts';
import './screens.css';

const refreshMs = 30_000;
const hourMs = 3_600_000;
const answerMax = 300;
const icons = { 'too-loud': 'volume', ad: 'film', other: 'hand' } as const;

interface ComplaintsPageProps {
  readonly communityId?: string;
  /** Only these: the operator reviews adverts. */
  readonly about?: ComplaintAbout;
}

/** What residents say of the screens, and the three things to do about it: mute, stop the clip, answer. */
export function ComplaintsPage({ communityId, about }: ComplaintsPageProps) {
  const m = useScreenWords();
  const [state, setState] = useState<'open' | 'all'>('open');
  const pages = useReadPages(
    'GET /v1/complaints',
    { query: { state, ...(communityId && { communityId }), ...(about && { about }) } },
    { refetchInterval: refreshMs },
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{about === 'ad' ? m.objections : m.complaints}</h1>
          <p>{about === 'ad' ? m.objectionsIntro : m.complaintsIntro}</p>
        </div>
        <Segmented<'open' | 'all'>
          size="large"
          aria-label={m.complaints}
          value={state}
          options={(['open', 'all'] as const).map((value) => ({ value, label: m.state2[value] }))}
          onChange={(value) => setState(value)}
        />
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="check" title={state === 'all' ? m.noneEver : m.noComplaints}>
            <p>{m.noComplaintsHint}</p>
          </Empty>
        }
      >
        {(complaints) => (
          <ul className="complaints">
            {complaints.map((each) => (
              <Row key={each.id} complaint={each} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Row({ complaint }: { readonly complaint: Complaint }) {
  const m = useScreenWords();
  const format = useFormats();
  const now = useNow(refreshMs);
  const { about, entrance, communityName, words, at, isResident, clip, answer, answerBy, isOverdue, tookMs } =
    complaint;
  const { mutedUntil, zone } = complaint;
  return (
    <li className="card complaint">
      <span className="complaint-mark">
        {clip && clip.posterUrl !== null ? (
          <img className="wall-poster" src={clip.posterUrl} alt="" loading="lazy" />
        ) : (
          <Icon name={icons[about]} size={24} />
        )}
      </span>
      <div className="complaint-text">
        <b>
          {m.about[about]} · {entrance}
        </b>
        <span className="soft">
          {communityName} · {isResident ? m.from.resident : m.from.passerBy} · {format.timeOrDate(at, now, zone)}
        </span>
        {clip && <span>《{clip.title}》</span>}
        {words !== '' && <q>{words}</q>}
        {answer !== null && (
          <span className="complaint-answer">
            {m.answered}：{answer}
          </span>
        )}
      </div>
      <div className="complaint-state">
        {isOverdue && <span className="badge is-bad">{m.overdue}</span>}
        {mutedUntil !== null && (
          <span className="badge is-brand">{m.mutedUntil(format.timeOrDate(mutedUntil, now, zone))}</span>
        )}
        {tookMs === null ? (
          <span className="soft">{m.due(format.timeOrDate(answerBy, now, zone))}</span>
        ) : (
          <span className="soft">{m.tookFor(m.hours(Math.round(tookMs / hourMs)))}</span>
        )}
      </div>
      <div className="complaint-actions">
        <MuteButton terminalId={complaint.terminalId} name={entrance} mutedUntil={mutedUntil} />
        {clip && <StopClip complaint={complaint} clip={clip} />}
        {answer === null && <Answer id={complaint.id} />}
      </div>
    </li>
  );
}

interface StopClipProps {
  readonly complaint: Complaint;
  readonly clip: NonNullable<Complaint['clip']>;
}

function StopClip({ complaint: { id, communityId }, clip }: StopClipProps) {
  const m = useScreenWords();
  const { modal } = App.useApp();
  const stop = useWrite('PUT /v1/communities/:id/clip-blocks/:clipId', ['GET /v1/complaints']);
  const allow = useWrite('DELETE /v1/communities/:id/clip-blocks/:clipId', ['GET /v1/complaints']);
  const params = { id: communityId, clipId: clip.id };
  const ask = (): void =>
    void modal.confirm({
      title: m.stopTitle(clip.title),
      content: m.stopText,
      okText: m.stopClip,
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => stop.mutate({ params, body: { complaintId: id } }),
    });
  if (clip.isBlocked) {
    return (
      <>
        <span className="badge">{m.stopped}</span>
        <Button loading={allow.isPending} onClick={() => allow.mutate({ params })}>
          {m.allowClip}
        </Button>
        <ProblemNotice error={allow.error} />
      </>
    );
  }
  return (
    <>
      <Button danger loading={stop.isPending} onClick={ask}>
        {m.stopClip}
      </Button>
      <ProblemNotice error={stop.error} />
    </>
  );
}

function Answer({ id }: { readonly id: string }) {
  const m = useScreenWords();
  const { message } = App.useApp();
  const field = useId();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const area = useRef<TextAreaRef>(null);
  // The button that was pressed is gone: whoever types goes on where it was.
  useEffect(() => {
    if (open) area.current?.focus();
  }, [open]);
  const send = useWrite('POST /v1/complaints/:id/answer', ['GET /v1/complaints', 'GET /v1/complaint-counts']);
  if (!open) {
    return (
      <Button type="primary" onClick={() => setOpen(true)}>
        {m.answer}
      </Button>
    );
  }
  return (
    <form
      className="complaint-form"
      onSubmit={(event) => {
        event.preventDefault();
        // The row is gone from the list of those that wait before this is answered.
        void send.mutateAsync({ params: { id }, body: { answer: text } }).then(
          () => message.success(m.answered),
          // Shown below.
          () => undefined,
        );
      }}
    >
      <label htmlFor={field}>{m.answer}</label>
      <Input.TextArea
        id={field}
        ref={area}
        value={text}
        maxLength={answerMax}
        autoSize={{ minRows: 2 }}
        placeholder={m.answerPlaceholder}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ProblemNotice error={send.error} />
      <Button type="primary" htmlType="submit" disabled={text.trim() === ''} loading={send.isPending}>
        {m.send}
      </Button>
    </form>
  );
}
