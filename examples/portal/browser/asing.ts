// A foreign page that only loads the components.
import '@cabut/spbe-elements'
