interface Props {
  hiding: boolean;
  onChange: (hide: boolean) => void;
}

/** Looking at logs writes logs: the console's own access lines are left out until they are asked for, and that is said. */
export function OwnLines({ hiding, onChange }: Props) {
  return (
    <p className="own-lines hint">
      {hiding ? 'Lines of this console itself are left out.' : 'Lines of this console itself are shown.'}{' '}
      <button type="button" className="link-button bare" onClick={() => onChange(!hiding)}>
        {hiding ? 'Show them' : 'Leave them out'}
      </button>
    </p>
  );
}
