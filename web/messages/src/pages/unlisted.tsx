// An account that the directory does not list: it takes a moment after signing up, or its handle was somebody else's.
import { useState } from 'react';
import { AuthFrame, FormNote, useForm } from '../auth/form';
import { changeHandle, signOut } from '../auth/session';
import { needHandle } from '../auth/signup';
import { asHandle } from '../logic/text';
import { Button, Field } from '../ui/parts';

export function Unlisted({ again, leave }: { again: () => void; leave: () => void }) {
  const [handle, setHandle] = useState('');
  // The pool tells the directory of an account again when its password is recovered, and at no other time.
  const form = useForm(async () => {
    needHandle(handle);
    const email = await changeHandle(asHandle(handle));
    await signOut();
    location.assign(`/recover?after=renamed&email=${encodeURIComponent(email)}`);
  });
  return (
    <AuthFrame title="Nobody knows you here yet" intro="Your account is confirmed, but the directory does not list it. If your handle is taken, choose another."
      foot={<><Button kind="link" onClick={again}>Try again</Button> · <Button kind="link" onClick={leave}>Sign out</Button></>}>
      <form onSubmit={form.submit} noValidate>
        <Field label="Handle" type="text" name="handle" autoCapitalize="none" spellCheck={false} maxLength={31} value={handle}
          onChange={(event) => setHandle(event.target.value)} problem={form.at('handle')} hint="How others find you." />
        <FormNote problem={form.problem} />
        <Button type="submit" busy={form.busy}>Use this handle</Button>
      </form>
    </AuthFrame>
  );
}
