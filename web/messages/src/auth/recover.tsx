import { useState } from 'react';
import { Link, navigate, useAddress } from '../router';
import { Button, Field } from '../ui/parts';
import { useTitle } from '../ui/hooks';
import { AuthFrame, FormNote, need, useForm } from './form';
import { recover, sendRecoveryCode } from './session';
import { PASSWORD_HINT } from './signin';
import { CodeField } from './signup';

const RENAMED = 'Your handle is changed. Choose a password once more: that puts you into the directory.';

export function Recover() {
  useTitle('Recover your password · Cruddur Messages');
  const address = useAddress();
  const [email, setEmail] = useState(address.searchParams.get('email') ?? '');
  const renamed = address.searchParams.get('after') === 'renamed';
  const [asked, setAsked] = useState(false);
  const form = useForm(async () => {
    need(email, 'Please give your email.', 'email');
    await sendRecoveryCode(email.trim());
    setAsked(true);
  });
  if (asked) return <ChooseAnother email={email.trim()} />;
  return (
    <AuthFrame title="Recover your password" intro={renamed ? RENAMED : 'We send you a code, and you choose another one.'}
      foot={<Link to="/signin">Back to sign-in</Link>}>
      <form onSubmit={form.submit} noValidate>
        <Field label="Email" type="email" name="email" autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false}
          value={email} onChange={(event) => setEmail(event.target.value)} problem={form.at('email')} />
        <FormNote problem={form.problem} />
        <Button type="submit" busy={form.busy}>Send the code</Button>
      </form>
    </AuthFrame>
  );
}

function ChooseAnother({ email }: { email: string }) {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [sent, setSent] = useState<string | null>(null);
  const form = useForm(async () => {
    need(code, 'Please type the code.', 'code');
    need(password, 'Please choose a password.', 'password');
    setSent(null);
    await recover(email, code.trim(), password);
    navigate(`/signin?after=recovered&email=${encodeURIComponent(email)}`);
  });
  const again = useForm(async () => {
    form.setProblem(null);
    setSent(null);
    await sendRecoveryCode(email);
    setSent('A new code is on its way.');
  });
  return (
    <AuthFrame title="Choose another password" intro={<>If <b>{email}</b> has an account, a code of six digits is there now.</>}
      foot={<><Button kind="link" busy={again.busy} onClick={() => void again.submit()}>Send a new code</Button> · <Link to="/signin">Back to sign-in</Link></>}>
      <form onSubmit={form.submit} noValidate>
        <CodeField code={code} onChange={setCode} problem={form.at('code')} />
        <Field label="New password" type="password" name="new-password" autoComplete="new-password" value={password}
          onChange={(event) => setPassword(event.target.value)} problem={form.at('password')} hint={PASSWORD_HINT} />
        <FormNote problem={form.problem ?? again.problem} done={sent} />
        <Button type="submit" busy={form.busy}>Change the password</Button>
      </form>
    </AuthFrame>
  );
}
