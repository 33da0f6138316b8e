/** Short messages about what was just done, some with a way back. They are announced, and take no focus. */
import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from 'react';
import { CloseIcon } from './icons.tsx';

interface Toast {
  id: number;
  message: string;
  action?: { label: string; run: () => void };
}

type ShowToast = (message: string, action?: Toast['action']) => void;

/** Milliseconds a message stays; long enough to read and reach its button. */
const STAYS = 8000;
const MOST = 3;

const ToastContext = createContext<ShowToast>(() => {});

export function useToast(): ShowToast {
  return use(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const lastId = useRef(0);
  const remove = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  );
  const show = useCallback<ShowToast>(
    (message, action) => {
      const id = ++lastId.current;
      setToasts((shown) => [...shown, action ? { id, message, action } : { id, message }].slice(-MOST));
      setTimeout(() => remove(id), STAYS);
    },
    [remove],
  );
  const list = useMemo(
    () => (
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <ToastView key={toast.id} toast={toast} onGone={() => remove(toast.id)} />
        ))}
      </div>
    ),
    [toasts, remove],
  );
  return (
    <ToastContext value={show}>
      {children}
      {list}
    </ToastContext>
  );
}

function ToastView({ toast, onGone }: { toast: Toast; onGone: () => void }) {
  const { message, action } = toast;
  return (
    <div className="toast">
      <span>{message}</span>
      {action && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            action.run();
            onGone();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={onGone}>
        <CloseIcon />
      </button>
    </div>
  );
}
