import { createRoot } from 'react-dom/client';
import { App } from './app';
import { Boundary } from './ui/boundary';
import './styles/tokens.css';
import './styles/base.css';
import './styles/auth.css';
import './styles/messages.css';
import './styles/thread.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<Boundary><App /></Boundary>);
