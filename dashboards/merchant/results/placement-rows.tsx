import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useResultWords } from './result-words.ts';
import type { AtPlacement } from './placements.ts';
import '../../kit/ui/foldable.css';

const columns = ['verified', 'rendered', 'viewable', 'completed'] as const;

/** Gate, unit door and lift apart, and why they are not added up. Nothing for reports from before they were told. */
export function PlacementRows({ placements }: { readonly placements: readonly AtPlacement[] }) {
  const words = useResultWords();
  const formats = useFormats();
  if (placements.length === 0) return null;
  return (
    <details className="exposure-places foldable soft">
      <summary>{words.byPlace}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.place}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {words[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {placements.map((one) => (
            <tr key={one.placement}>
              <th scope="row">{words.places[one.placement]}</th>
              {columns.map((column) => (
                <td key={column} className="digits">
                  {formats.number(one[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p>{words.placesApart}</p>
    </details>
  );
}
