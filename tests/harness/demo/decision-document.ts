/** A page that a PDF reader opens: what the owners of the demo's community decided. In English, as a PDF brings its own Chinese letters. */
export function decisionDocument({
  decidedOn,
  lastDay,
}: {
  readonly decidedOn: string;
  readonly lastDay: string;
}): string {
  const lines = [
    'Resolution of the owners',
    `Decided on ${decidedOn}; in force until ${lastDay}.`,
    'The screens at gate and doors are let.',
  ];
  const text = lines.map((line, i) => `1 0 0 1 72 ${720 - 28 * i} Tm (${line}) Tj`).join(' ');
  const content = `BT /F1 14 Tf ${text} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const xref = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  return `${file}${xref}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}
