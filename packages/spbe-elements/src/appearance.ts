import { css, type CSSResult } from 'lit'

/**
 * One look for both components. Everything inherited is reset, and the host's own rules are `!important`: inside a shadow tree such rules
 * win over the page's (CSS Scoping), whatever its global style sheet does. Light or dark is the page's choice (`color-scheme`); pages set `--cabut-*`.
 */
export const appearance: CSSResult = css`
:host{all:initial!important;display:block!important;color-scheme:inherit!important;font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif!important;
color:var(--cabut-text,light-dark(#16202b,#e8edf2))!important;visibility:visible!important;opacity:1!important;direction:ltr!important;unicode-bidi:isolate!important}
:host([hidden]){display:none!important}
*{box-sizing:border-box}
:host{--_a:var(--cabut-accent,light-dark(#0b4f8a,#7db8ee));--_on:var(--cabut-on-accent,light-dark(#fff,#08131d));--_g:light-dark(#c9d1d9,#3a4753);--_r:light-dark(#4c5a68,#a9b6c3);--_b:var(--cabut-surface,light-dark(#fff,#10161c))}
h2,h3{font-size:1.1rem;margin:1.2rem 0 .4rem;line-height:1.3}
p,ul{margin:.4rem 0 .8rem}
label,legend{display:block;font-weight:600;margin-bottom:.2rem}
small,.hint{color:var(--_r);font-size:.88rem;font-weight:400}
.hint{display:block}
.field{margin:0 0 1.1rem}
input,select,textarea,button{font:inherit;color:inherit;min-height:2.75rem}
input,select,textarea{background:var(--_b);border:1px solid var(--_r);border-radius:.35rem;padding:.5rem .6rem;width:100%;max-width:38rem}
input[type=file]{border:2px dashed var(--_g);padding:.9rem}
textarea{min-height:5rem}
fieldset{border:1px solid var(--_g);border-radius:.5rem;padding:.75rem 1rem;margin:0 0 1.1rem;min-width:0}
button{cursor:pointer;font-weight:600;padding:.6rem 1.1rem;border:1px solid var(--_a);border-radius:.4rem;background:var(--_a);color:var(--_on)}
button[disabled]{opacity:.6;cursor:default}
:focus-visible{outline:3px solid var(--_a);outline-offset:2px}
.box{border:1px solid;border-left-width:.35rem;border-radius:.4rem;padding:.6rem .9rem;margin:.6rem 0;max-width:38rem;overflow-wrap:anywhere}
.box.good{border-color:light-dark(#1b6e3c,#7fd19c);background:light-dark(#e4f3e9,#142b1d)}
.box.warn{border-color:light-dark(#7a4b00,#eebd63);background:light-dark(#fdf1d8,#2f2410)}
.box.bad{border-color:light-dark(#a3231b,#f4948c);background:light-dark(#fbe7e5,#351a18)}
.box.info{border-color:var(--_a);background:light-dark(#e6eff7,#1a2c3d);max-width:none}
.box>:first-child{margin-top:0}.box>:last-child{margin-bottom:0}
dl{margin:0}dt{color:var(--_r);font-size:.88rem}dd{margin:0 0 .3rem;overflow-wrap:anywhere}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.9em}
.badge{display:inline-block;padding:.1rem .7rem;border-radius:1rem;border:1px solid;font-weight:600;font-size:.9rem;color:var(--_a)}
.badge.good{color:light-dark(#1b6e3c,#7fd19c)}.badge.warn{color:light-dark(#7a4b00,#eebd63)}.badge.bad{color:light-dark(#a3231b,#f4948c)}
ol{list-style:none;margin:.8rem 0;padding:0 0 0 .45rem}
li.step{position:relative;border-left:2px solid var(--_g);padding:0 0 .9rem 1.2rem}li.step:last-child{border-color:transparent}
li.step::before{content:"";position:absolute;left:-.45rem;top:.4rem;width:.75rem;height:.75rem;border-radius:50%;background:var(--_a)}
li.step small{display:block}
summary{cursor:pointer;color:var(--_a);padding:.35rem 0}
@media print{button,input{display:none}}
`
