// Small parts that several pages are made of.
import { type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { initials, kindOf } from '../logic/text';
import { Icon } from './icons';

export function Avatar({ name, of, size = 'm' }: { name: string; of: string; size?: 's' | 'm' | 'l' }) {
  return (
    <span className={`avatar avatar-${size} hue-${kindOf(of, 8)}`} data-letters={initials(name)} aria-hidden="true" />
  );
}

/** The same picture as public/favicon.svg. */
export function Logo({ size }: { size: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" />
      <path d="M8 11.5A3.5 3.5 0 0 1 11.5 8h9a3.5 3.5 0 0 1 3.5 3.5v5a3.5 3.5 0 0 1-3.5 3.5H15l-4.2 3.6c-.5.4-1.3.1-1.3-.6V20A3.5 3.5 0 0 1 8 16.9z" />
      <circle cx="13" cy="14" r="1.5" />
      <circle cx="19" cy="14" r="1.5" />
    </svg>
  );
}

export function Brand() {
  return (
    <span className="brand">
      <Logo size={28} />
      <span>Cruddur</span>
    </span>
  );
}

export function Spinner({ label }: { label?: string }) {
  return (
    <span className="spinner" role={label ? 'status' : undefined}>
      {label && <span className="unseen">{label}</span>}
    </span>
  );
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: 'main' | 'plain' | 'link'; busy?: boolean };

export function Button({ kind = 'main', busy = false, children, className = '', disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button button-${kind} ${className}`} disabled={disabled || busy} aria-busy={busy} {...rest}>
      <span className={busy ? 'button-text faint' : 'button-text'}>{children}</span>
      {busy && <Spinner />}
    </button>
  );
}

type FieldProps = InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: ReactNode; problem?: string | undefined };

/** A labelled input. The line below it is always there, so that a message moves nothing. */
export function Field({ label, hint, problem, type, ...rest }: FieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = type === 'password';
  return (
    <div className={problem ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input id={id} type={secret && shown ? 'text' : type} aria-invalid={problem ? true : undefined} aria-describedby={`${id}-note`} {...rest} />
        {secret && (
          <button type="button" className="field-eye" aria-pressed={shown} aria-label="Show password" onClick={() => setShown(!shown)}>
            <Icon name={shown ? 'eyeOff' : 'eye'} />
          </button>
        )}
      </div>
      <p id={`${id}-note`} className="field-note" aria-live="polite">
        {problem ?? hint}
      </p>
    </div>
  );
}

/** What stands where there is nothing else to show. */
export function Notice({ title, children, picture, role }: { title: string; children?: ReactNode; picture?: ReactNode; role?: 'alert' | 'status' }) {
  return (
    <div className="notice" role={role}>
      {picture && <div className="notice-picture">{picture}</div>}
      <h2>{title}</h2>
      {children}
    </div>
  );
}
