import { useCostWords } from '../../kit/result/cost-words.ts';

interface MoreButtonProps {
  readonly isBusy?: boolean;
  readonly onMore: () => void;
}

export function MoreButton({ isBusy = false, onMore }: MoreButtonProps) {
  const words = useCostWords();
  return (
    <button type="button" className="button is-wide" disabled={isBusy} onClick={onMore}>
      {words.more}
    </button>
  );
}
