// The default theme without its web fonts: nothing is fetched, the reader's own system fonts are used. The front page shows the timeline first.
import Theme from 'vitepress/theme-without-fonts'
import { useData } from 'vitepress'
import { h } from 'vue'
import './style.css'

export default {
  extends: Theme,
  Layout: () => {
    const { frontmatter } = useData()
    const { timeline } = frontmatter.value
    return h(Theme.Layout, null, timeline === undefined ? {} : {
      'home-hero-after': () => h('div', { class: 'front' }, [h('div', { class: 'timeline' }, [h('img', { src: '/assets/timeline.svg', alt: timeline })])]),
    })
  },
}
