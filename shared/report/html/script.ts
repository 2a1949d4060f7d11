/**
 * The one script, inlined: filter, address, copy. It reads only attributes and text that the page already shows, and
 * writes only `hidden`, `open`, `textContent` and form values; it makes no markup. Without it the report is complete.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const form = document.getElementById('filter');
  const shown = document.getElementById('shown');
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const rows = all('[data-row]');
  const holders = all('[data-holder]');
  const folds = all('details[data-fold]');
  const openAtFirst = new Map(folds.map((fold) => [fold, fold.open]));
  const texts = new Map();

  const textOf = (row) => {
    let text = texts.get(row);
    if (text === undefined) {
      const card = row.closest('[data-card]');
      const cluster = row.closest('[data-cluster-section]');
      const around = [card && card.querySelector('[data-head]'), cluster && cluster.querySelector('h2')];
      text = [row, ...around].map((part) => (part ? part.textContent : '')).join(' ').toLowerCase();
      texts.set(row, text);
    }
    return text;
  };

  const checked = (name) => all('input[name="' + name + '"]:checked', form).map((input) => input.value);
  const read = () => ({
    status: checked('status'),
    severity: checked('severity'),
    cluster: form.elements.cluster.value,
    words: form.elements.text.value.toLowerCase().split(/\\s+/).filter((word) => word !== ''),
  });
  const isActive = (filter) =>
    filter.status.length > 0 || filter.severity.length > 0 || filter.cluster !== '' || filter.words.length > 0;

  const apply = () => {
    const filter = read();
    const active = isActive(filter);
    let count = 0;
    for (const row of rows) {
      const { status, severity, cluster } = row.dataset;
      const matches =
        (filter.status.length === 0 || filter.status.includes(status)) &&
        (filter.severity.length === 0 || filter.severity.includes(severity)) &&
        (filter.cluster === '' || filter.cluster === cluster) &&
        filter.words.every((word) => textOf(row).includes(word));
      if (row.hidden === matches) row.hidden = !matches;
      if (matches) count += 1;
    }
    for (const holder of holders) {
      holder.hidden = active && holder.querySelector('[data-row]:not([hidden])') === null;
    }
    for (const fold of folds) {
      fold.open = active ? fold.querySelector('[data-row]:not([hidden])') !== null : openAtFirst.get(fold);
    }
    shown.textContent = active
      ? 'Showing ' + count + ' of ' + rows.length + ' results'
      : 'Showing all ' + rows.length + ' results';
    return filter;
  };

  const remember = (filter) => {
    const parameters = new URLSearchParams();
    if (filter.status.length > 0) parameters.set('status', filter.status.join(' '));
    if (filter.severity.length > 0) parameters.set('severity', filter.severity.join(' '));
    if (filter.cluster !== '') parameters.set('cluster', filter.cluster);
    if (form.elements.text.value !== '') parameters.set('text', form.elements.text.value);
    const text = parameters.toString();
    history.replaceState(null, '', text === '' ? location.href.split('#')[0] : '#' + text);
  };

  const recall = () => {
    const text = location.hash.slice(1);
    if (!text.includes('=')) return;
    const parameters = new URLSearchParams(text);
    for (const name of ['status', 'severity']) {
      const values = (parameters.get(name) || '').split(' ');
      for (const input of all('input[name="' + name + '"]', form)) input.checked = values.includes(input.value);
    }
    form.elements.cluster.value = parameters.get('cluster') || '';
    if (form.elements.cluster.selectedIndex < 0) form.elements.cluster.value = '';
    form.elements.text.value = parameters.get('text') || '';
    apply();
  };

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', () => remember(apply()));
  form.addEventListener('reset', () => setTimeout(() => remember(apply())));
  addEventListener('hashchange', recall);
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    form.elements.text.focus();
  });

  const copy = async (command, button) => {
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    } catch {
      getSelection().selectAllChildren(command);
      button.textContent = 'Selected';
    }
  };
  for (const block of all('.command')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', () => copy(block.querySelector('code'), button));
    block.classList.add('can-copy');
    block.append(button);
  }

  form.hidden = false;
  apply();
  recall();
})();
`;
