/**
 * The controls, states and dialogs that the pages of web and console share; their look is `kit.css`. Owns nothing of either app:
 * no address, no request, no word of a page. README.md lists what is here.
 */
export { Button, IconButton } from './buttons.tsx';
export { Badge, Dot, LabelChips, PageHeader, Segments } from './controls.tsx';
export { Dialog } from './Dialog.tsx';
export { ErrorBoundary } from './ErrorBoundary.tsx';
export { Field, focusFirstInvalid, SearchBox, TextField } from './Field.tsx';
export { Icon, type IconName } from './Icon.tsx';
export { Empty, Failed, Loading, Notice, Unknown, UnknownValue } from './states.tsx';
export { ToastProvider, useToast } from './toasts.tsx';
export type { Tone } from './tone.ts';
