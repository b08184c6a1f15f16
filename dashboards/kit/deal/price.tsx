import { useFormats } from '../i18n/language-context.tsx';
import { useDealWords } from './deal-words.ts';

interface PriceProps {
  readonly groupPriceFen: number;
  readonly singlePriceFen: number;
  readonly large?: boolean;
}

/** The price in the group, what it costs alone, and what that saves. */
export function Price({ groupPriceFen, singlePriceFen, large = false }: PriceProps) {
  const formats = useFormats();
  const words = useDealWords();
  const savedFen = singlePriceFen - groupPriceFen;
  const [yuan = '', fraction] = formats.money(groupPriceFen).replace('¥', '').split('.');
  return (
    <p className={large ? 'price is-large' : 'price'}>
      <strong className="digits">
        <span className="visually-hidden">{`${words.groupPrice} ${formats.money(groupPriceFen)}`}</span>
        <span aria-hidden="true">
          <small>¥</small>
          {yuan}
          {fraction && <small>.{fraction}</small>}
        </span>
      </strong>
      {savedFen > 0 && (
        <>
          <span className="price-alone">
            {words.aloneCosts} <s className="digits">{formats.money(singlePriceFen)}</s>
          </span>
          <span className="price-saved">{words.saves(formats.money(savedFen))}</span>
        </>
      )}
    </p>
  );
}
