import type { ComponentProps } from 'react';
import { Icon, type IconName } from './Icon.tsx';

const classes = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ');

interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'danger' | 'quiet';
  small?: boolean;
}

/** A button that submits no form unless it is told to by `type`. */
export function Button({ variant, small = false, className, ...props }: ButtonProps) {
  const look = classes('button', variant && `button-${variant}`, small && 'button-small', className);
  return <button type="button" className={look} {...props} />;
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: IconName;
  /** The button's name, for people who cannot see the icon. */
  label: string;
}

/** A button that shows an icon only. */
export function IconButton({ icon, label, className, ...props }: IconButtonProps) {
  return (
    <button type="button" className={classes('icon-button', className)} aria-label={label} {...props}>
      <Icon name={icon} />
    </button>
  );
}
