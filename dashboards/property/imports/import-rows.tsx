import type { ResidentImport } from '@gatecast/cloud-api/client';
import { useMessages } from '../messages/zh.ts';

const changeTone = { new: 'is-good', changed: 'is-brand', unchanged: '', error: 'is-bad' } as const;

/** What is wrong in which row, as the spreadsheet counts them. */
export function ImportErrors({ of }: { readonly of: ResidentImport }) {
  const m = useMessages().imports;
  return (
    <section className="card">
      <h2>{m.errors}</h2>
      <p className="soft">{m.errorsFirst(of.errors.length, of.errorCount)}</p>
      <table className="rows-table">
        <thead>
          <tr>
            <th scope="col">{m.row}</th>
            <th scope="col">{m.column}</th>
            <th scope="col">{m.problem}</th>
          </tr>
        </thead>
        <tbody>
          {of.errors.map(({ row, column, code }) => (
            <tr key={`${row}-${column}-${code}`}>
              <td className="digits">{row}</td>
              <td>{column && m.columns[column]}</td>
              <td>{m.faults[code]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function ImportPreview({ of }: { readonly of: ResidentImport }) {
  const m = useMessages();
  const words = m.imports;
  if (of.preview.length === 0) return <p className="soft">{words.previewGone}</p>;
  return (
    <section className="card">
      <h2>{words.preview}</h2>
      <table className="rows-table">
        <thead>
          <tr>
            <th scope="col">{words.row}</th>
            <th scope="col">{words.change}</th>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.phone}</th>
            <th scope="col">{words.columns.building}</th>
            <th scope="col">{words.columns.unit}</th>
            <th scope="col">{words.columns.relation}</th>
            <th scope="col">{words.columns.leaseEndsOn}</th>
          </tr>
        </thead>
        <tbody>
          {of.preview.map((each) => (
            <tr key={each.row}>
              <td className="digits">{each.row}</td>
              <td>
                <span className={`badge ${changeTone[each.change]}`}>{words.changes[each.change]}</span>
              </td>
              <td>{each.name}</td>
              <td className="digits">{each.phoneMasked}</td>
              <td>{each.building}</td>
              <td className="digits">{each.unit}</td>
              <td>{each.relation && m.residents.relation[each.relation]}</td>
              <td className="digits">{each.leaseEndsOn}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
