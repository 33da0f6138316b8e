import { Loading } from '@lab/ui-kit';

/** Stands in for a list that is on its way. */
export function ListLoading({ what }: { what: string }) {
  return (
    <div className="card">
      <Loading what={what} lines={9} />
    </div>
  );
}
