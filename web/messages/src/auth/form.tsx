// What the four sign-in forms share: the frame around them, sending once, the problem at its field or above the button.
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Brand } from '../ui/parts';
import { type FormProblem, Missing, tellAuth } from './tell';

export function AuthFrame({ title, intro, children, foot }: { title: string; intro?: ReactNode; children: ReactNode; foot?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!document.activeElement || document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <div className="auth">
      <div className="auth-art" aria-hidden="true">
        <Art />
      </div>
      <main className="auth-card">
        <Brand />
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p className="auth-intro">{intro}</p>
        {children}
        {foot && <p className="auth-foot">{foot}</p>}
      </main>
    </div>
  );
}

// A conversation without words.
function Art() {
  const bubbles = ['them w6', 'them w4', 'me w5', 'them w3', 'me w6', 'me w3'];
  return (
    <div className="art">
      {bubbles.map((kind, index) => (
        <span key={index} className={`art-bubble ${kind}`}>
          <i />
          {!kind.endsWith('3') && <i />}
        </span>
      ))}
    </div>
  );
}

/** `run` is the form's work; what it throws becomes a problem of the form. */
export function useForm(run: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<FormProblem | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event?: FormEvent<HTMLFormElement>) => {
    event?.preventDefault();
    form.current = event?.currentTarget ?? null;
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await run();
    } catch (error) {
      setProblem(tellAuth(error));
    } finally {
      setBusy(false);
    }
  };
  // The field to be put right takes the focus.
  useEffect(() => {
    if (problem?.field) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  const at = (field: FormProblem['field']) => (problem?.field === field ? problem?.text : undefined);
  return { busy, problem, setProblem, submit, at };
}

/** The line for problems that belong to no field; always there, so that it moves nothing. */
export function FormNote({ problem, done }: { problem: FormProblem | null; done?: string | null }) {
  const text = problem && !problem.field ? problem.text : null;
  return (
    <div className="form-note">
      <p role="alert" className={text ? 'form-problem' : ''}>
        {text}
      </p>
      <p role="status" className={done && !text ? 'form-done' : ''}>
        {!text && done}
      </p>
    </div>
  );
}

/** For what is found before asking the server. */
export function need(value: string, text: string, field: NonNullable<FormProblem['field']>): void {
  if (value.trim() === '') throw new Missing(text, field);
}
