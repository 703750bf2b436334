// What is wrong with the values that a link brought, one sentence each.

import { html, nothing, type TemplateResult } from 'lit';
import { shape } from '../components/icons.ts';
import type { PrefillProblem } from '../lib/route.ts';
import { en } from '../strings/en.ts';

function sentenceOf(problem: PrefillProblem): string {
  switch (problem.field) {
    case 'network':
      return en.prefill.network(problem.text);
    case 'address':
      return en.prefill.address(problem.text);
    case 'amount':
      return en.prefill.amount(problem.text, en.amountProblems[problem.problem]);
    case 'label':
      return en.prefill.label(problem.length);
  }
}

export const prefillProblems = (problems: PrefillProblem[]): TemplateResult | typeof nothing =>
  problems.length
    ? html`<ul class="notices" role="alert">
        ${problems.map(
          (problem) =>
            html`<li class="risk" data-testid="error" data-field=${problem.field}>
              ${shape('triangle')}<span>${sentenceOf(problem)}</span>
            </li>`,
        )}
      </ul>`
    : nothing;
