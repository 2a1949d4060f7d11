/**
 * For the map of denied traffic: an end that is pointed at or focused shows its own lines and dims the others. It adds and
 * removes classes and nothing else. Without it the map is complete, and every line has its title.
 */
export const MAP_SCRIPT = `
(() => {
  'use strict';
  for (const map of document.querySelectorAll('svg.map')) {
    const edges = Array.from(map.querySelectorAll('.edge'));
    const ends = Array.from(map.querySelectorAll('.end'));
    const clear = () => {
      map.classList.remove('dim');
      for (const one of [...edges, ...ends]) one.classList.remove('on');
    };
    const show = (end) => {
      clear();
      const side = end.dataset.side;
      const other = side === 'from' ? 'to' : 'from';
      const mine = edges.filter((edge) => edge.dataset[side] === end.dataset.index);
      const tied = new Set(mine.map((edge) => edge.dataset[other]));
      map.classList.add('dim');
      end.classList.add('on');
      for (const edge of mine) edge.classList.add('on');
      for (const one of ends) if (one.dataset.side === other && tied.has(one.dataset.index)) one.classList.add('on');
    };
    for (const end of ends) {
      end.addEventListener('pointerenter', () => show(end));
      end.addEventListener('pointerleave', clear);
      end.addEventListener('focus', () => show(end));
      end.addEventListener('blur', clear);
    }
  }
})();
`;

/** For a page of denied traffic alone: copying. */
export const COPY_SCRIPT = `
(() => {
  'use strict';
  for (const block of document.querySelectorAll('.command')) {
    const button = document.createElement('button');
    const text = block.querySelector('code');
    button.type = 'button';
    button.textContent = 'Copy';
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(text);
        button.textContent = 'Selected';
      }
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    block.classList.add('can-copy');
    block.append(button);
  }
})();
`;
