/** Short messages about what was just done, some with a way back. They are announced, and take no focus. */
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button, IconButton } from './buttons.tsx';

interface Toast {
  id: number;
  message: string;
  action?: { label: string; run: () => void };
}

type ShowToast = (message: string, action?: Toast['action']) => void;

/** Milliseconds a message stays: long enough to be read, or for its button to be reached by keyboard. */
const STAYS = 8000;
const STAYS_WITH_ACTION = 20_000;
const MOST = 3;

const ToastContext = createContext<ShowToast>(() => {});

/** Returns the function that shows a message; without a ToastProvider above it shows nothing. */
export function useToast(): ShowToast {
  return use(ToastContext);
}

/** Keeps and shows the messages; the focus goes to the element `#main` when one is dismissed. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const lastId = useRef(0);
  const remove = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  );
  const show = useCallback<ShowToast>((message, action) => {
    const id = ++lastId.current;
    setToasts((shown) => [...shown, action ? { id, message, action } : { id, message }].slice(-MOST));
  }, []);
  const list = useMemo(
    () => (
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <ToastView key={toast.id} toast={toast} remove={remove} />
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

function ToastView({ toast, remove }: { toast: Toast; remove: (id: number) => void }) {
  const { id, message, action } = toast;
  const element = useRef<HTMLDivElement>(null);
  const stays = action ? STAYS_WITH_ACTION : STAYS;

  useEffect(() => {
    // Not from under a pointer or a focus that is on its way to the button.
    const isWanted = () => element.current?.matches(':hover, :focus-within');
    const timer = setInterval(() => isWanted() || remove(id), stays);
    return () => clearInterval(timer);
  }, [id, remove, stays]);

  const leave = () => {
    remove(id);
    // The button that had the focus goes away with the message.
    document.getElementById('main')?.focus();
  };

  return (
    <div ref={element} className="toast">
      <span>{message}</span>
      {action && (
        <Button
          onClick={() => {
            action.run();
            leave();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" label="Dismiss" onClick={leave} />
    </div>
  );
}
